// Where the service under test is, and who may administer it: given by ClientTests.
import http from "node:http";
import net from "node:net";

export const base = new URL(process.env.TOKENACTORS_URL);
export const admin = process.env.TOKENACTORS_ADMIN;
export const account = process.env.TOKENACTORS_ACCOUNT;

/** A request outside any client: status and parsed body. */
export function ask(method, path, headers = {}, body = undefined) {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, base), { method, headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode, text, json: text.startsWith("{") ? JSON.parse(text) : undefined }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** What introspection tells about a secret. */
export const introspect = async (secret) =>
  (await ask("POST", "/oauth2/introspect", { authorization: `Bearer ${admin}`, "content-type": "application/x-www-form-urlencoded" }, `token=${secret}`)).json;

/** Runs with the address of a proxy that swallows the answer to the first request whose head matches, after the service gave it. */
export async function cutting(pattern, run) {
  let cut = 0;
  const sockets = new Set();
  const proxy = net.createServer((client) => {
    const upstream = net.connect(Number(base.port), base.hostname);
    let doomed = false;
    sockets.add(client).add(upstream);
    client.on("data", (chunk) => {
      if (cut === 0 && pattern.test(chunk.toString("latin1"))) {
        doomed = true;
        cut++;
      }
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => (doomed ? client.destroy() : client.write(chunk)));
    for (const [one, other] of [[client, upstream], [upstream, client]]) {
      one.on("close", () => other.destroy());
      one.on("error", () => other.destroy());
    }
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${proxy.address().port}`);
  } finally {
    proxy.close();
    sockets.forEach((socket) => socket.destroy());
  }
  return cut;
}
