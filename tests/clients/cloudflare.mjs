// All seven operations on service tokens through Cloudflare's own client. Argument: the package.
import assert from "node:assert/strict";
import { account, admin, ask, base, cutting, introspect } from "./service.mjs";

const Cloudflare = (await import(process.argv[2])).default;
const clientOf = (origin, options = {}) => new Cloudflare({ baseURL: `${origin}/client/v4`, apiToken: admin, ...options });
const tokens = clientOf(base.origin).zeroTrust.access.serviceTokens;
const here = { account_id: account };
const inOneHour = () => new Date(Date.now() + 3600_000).toISOString();
const verify = async (token, secret) =>
  (await ask("GET", "/access/verify", { "CF-Access-Client-Id": token.client_id, "CF-Access-Client-Secret": secret })).status;

const made = await tokens.create({ ...here, name: "client", duration: "60m" });
assert.equal(made.duration, "60m");
assert.match(made.client_secret, /^cfast_/);
assert.equal(await verify(made, made.client_secret), 200);
assert.equal((await introspect(made.client_secret)).jti, made.id);

const got = await tokens.get(made.id, here);
assert.equal(got.id, made.id);
assert.equal(got.client_secret, undefined);

// The pager ends, although it goes on until a page is empty.
for (let i = 0; i < 4; i++) await tokens.create({ ...here, name: `page-${process.argv[2]}-${i}` });
const seen = [];
for await (const token of tokens.list({ ...here, search: `page-${process.argv[2]}`, per_page: 3 })) seen.push(token.name);
// 4.5.0 knows no further pages.
assert.deepEqual(seen, [0, 1, 2, 3].slice(0, process.argv[2].endsWith("-4") ? 3 : 4).map((i) => `page-${process.argv[2]}-${i}`));

// Rotate with grace: both secrets until the deadline, which is moved into the past.
const rotated = await tokens.rotate(made.id, { ...here, previous_client_secret_expires_at: inOneHour() });
const graceful = process.argv[2].endsWith("-4") ? undefined : rotated;
if (graceful) {
  assert.equal(await verify(made, made.client_secret), 200);
  assert.equal((await introspect(made.client_secret)).slot, "secondary");
  await tokens.update(made.id, { ...here, previous_client_secret_expires_at: new Date(Date.now() - 1000).toISOString() });
}
assert.equal(await verify(made, made.client_secret), 401);
assert.equal(await verify(made, rotated.client_secret), 200);

const before = Date.parse((await tokens.get(made.id, here)).expires_at);
const refreshed = await tokens.refresh(made.id, here);
assert.ok(Date.parse(refreshed.expires_at) - before > 300 * 24 * 3600_000);
assert.equal(await verify(made, rotated.client_secret), 200);

const renamed = await tokens.update(made.id, { ...here, name: "renamed", duration: "forever" });
assert.equal(renamed.name, "renamed");
assert.equal(renamed.client_secret, undefined);
const bumped = await tokens.update(made.id, { ...here, client_secret_version: 3, previous_client_secret_expires_at: inOneHour() });
assert.equal(await verify(made, bumped.client_secret), 200);
assert.equal(await verify(made, rotated.client_secret), 200);

await tokens.update(made.id, { ...here, enabled: false });
assert.equal(await verify(made, bumped.client_secret), 401);
assert.equal(await verify(made, rotated.client_secret), 401);
assert.deepEqual(await introspect(bumped.client_secret), { active: false });
await tokens.update(made.id, { ...here, enabled: true });
assert.equal(await verify(made, bumped.client_secret), 200);
assert.equal(await verify(made, rotated.client_secret), 200);

// The answer is lost after the commit: the client asks again by itself, and gets that very secret.
const attempts = await cutting(/^POST \S+\/rotate /, async (origin) => {
  const again = await clientOf(origin, { maxRetries: 2 }).zeroTrust.access.serviceTokens.rotate(made.id, here);
  assert.equal(again.client_secret_version, 4);
  assert.equal(await verify(made, again.client_secret), 200);
});
assert.equal(attempts, 1);
assert.equal((await tokens.get(made.id, here)).client_secret_version, 4);

assert.equal((await tokens.delete(made.id, here)).id, made.id);
await assert.rejects(tokens.get(made.id, here), (error) => {
  assert.equal(error.status, 404);
  assert.equal(error.errors[0].message, "access.api.error.service_token_not_found");
  return true;
});
await assert.rejects(tokens.create({ ...here, name: "x", duration: "a while" }), (error) => error.status === 400 && error.errors[0].code === 12130);
await assert.rejects(clientOf(base.origin, { apiToken: "nobody" }).zeroTrust.access.serviceTokens.get(made.id, here), (error) => error.status === 401);
