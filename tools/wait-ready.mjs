// Waits until every resource of the AppHost is ready, shows progress, prints where things are.
// Usage: node wait-ready.mjs DASHBOARD_URL APPHOST_PID
const [dashboard, pid] = process.argv.slice(2);
const deadline = Date.now() + 180_000;
const shown = new Map();

const isReady = (resource) => resource.state === "Running" ? resource.health !== "Unhealthy" && resource.health !== "Unknown" : resource.state === "Finished";
const alive = () => {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
};

while (Date.now() < deadline) {
  if (!alive()) process.exit(1);
  let resources;
  try {
    resources = await (await fetch(new URL("/api/resources", dashboard))).json();
  } catch {
    resources = [];
  }
  for (const { name, state, health } of resources) {
    const now = health && state === "Running" ? `${state}, ${health}` : state;
    if (shown.get(name) !== now) console.log(`      ${name.padEnd(14)} ${now}`);
    shown.set(name, now);
  }
  if (resources.length > 0 && resources.every(isReady)) {
    const url = (name, endpoint) => resources.find((r) => r.name === name)?.endpoints.find((e) => e.name === endpoint)?.url;
    console.log(`\n  Blog        ${url("bff", "http")}\n  Mail sink   ${url("mail", "http")}\n  Dashboard   ${dashboard}\n`);
    process.exit(0);
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
}
console.error(`Not ready after three minutes: ${[...shown].filter(([, state]) => !/Running, Healthy|Finished/.test(state)).map(([name, state]) => `${name} (${state})`).join(", ")}`);
process.exit(1);
