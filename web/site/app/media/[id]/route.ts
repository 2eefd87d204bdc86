import { apiOrigin } from "@/lib/api";

/** Originals for the image optimiser, which fetches by a local path. Readers' own requests for /media never come here: the BFF answers them. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params;
  if (!/^[0-9a-f-]{36}$/i.test(id)) return new Response(null, { status: 404 });
  const upstream = await fetch(`${apiOrigin()}/media/${id}`, { cache: "no-store", signal: request.signal });
  const headers = new Headers({ "X-Content-Type-Options": "nosniff" });
  for (const name of ["content-type", "cache-control", "etag"]) {
    const value = upstream.headers.get(name);
    if (value) headers.set(name, value);
  }
  return new Response(upstream.body, { status: upstream.status, headers });
}
