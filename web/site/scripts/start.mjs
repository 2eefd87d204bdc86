// Starts the standalone server: on the loopback address, because only the BFF may reach it, and with connections that outlive the
// BFF's pool (one minute idle), so that a request never meets a connection that is being closed.
process.env.HOSTNAME = process.env.BLOG_SITE_HOST ?? "127.0.0.1";
process.env.KEEP_ALIVE_TIMEOUT ??= "120000";

await import("../.next/standalone/site/server.js");
