// All six operations on access tokens through LaunchDarkly's own clients. Argument: the package.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { admin, ask, base, introspect } from "./service.mjs";

const name = process.argv[2];
const library = createRequire(import.meta.url)(name);

/** The six operations, however a generation of the client spells them; what fails throws with its status. */
function clientFor(secret) {
  if (name === "launchdarkly-api-typescript") {
    const api = new library.AccessTokensApi(new library.Configuration({ basePath: base.origin, apiKey: secret }));
    const call = (run) => run.then((r) => r.data, (e) => Promise.reject({ status: e.response?.status, body: e.response?.data }));
    return {
      list: () => call(api.getTokens(true, 100, 0)), get: (id) => call(api.getToken(id)), create: (body) => call(api.postToken(body)),
      patch: (id, patch) => call(api.patchToken(id, patch)), remove: (id) => call(api.deleteToken(id)), reset: (id, expiry) => call(api.resetToken(id, expiry)),
    };
  }

  const old = name.endsWith("-5");
  const client = new library.ApiClient();
  client.basePath = old ? `${base.origin}/api/v2` : base.origin;
  client.authentications[old ? "Token" : "ApiKey"].apiKey = secret;
  const api = new library.AccessTokensApi(client);
  // What was answered, not the model made of it: the one of 5.1.0 drops the id.
  const call = (operation, ...args) => new Promise((resolve, reject) =>
    api[operation](...args, (error, _, response) => (error ? reject({ status: error.status, body: response?.body }) : resolve(response.body))));
  return {
    list: () => call("getTokens", { showAll: true }), get: (id) => call("getToken", id), create: (body) => call("postToken", body),
    patch: (id, patch) => call("patchToken", id, patch), remove: (id) => call("deleteToken", id),
    reset: (id, expiry) => call("resetToken", id, expiry === undefined ? {} : { expiry }),
  };
}

const client = clientFor(admin);
const fails = (promise, status, code) => assert.rejects(promise, (error) => {
  assert.equal(error.status, status);
  if (error.body?.code) assert.equal(error.body.code, code);
  return true;
});
const works = async (secret) => (await ask("GET", "/api/v2/tokens", { authorization: secret })).status === 200;

const made = await client.create({ name: "client", role: "reader", serviceToken: true });
assert.match(made.token, /^api-/);
assert.ok(await works(made.token));
const got = await client.get(made._id);
assert.equal(got.token, made.token.slice(-4));
assert.equal(got.serviceToken, true);
assert.ok((await client.list()).items.some((token) => token._id === made._id));

// Reset with expiry: both secrets work until then; without one, the old ends at once.
const graceful = await client.reset(made._id, Date.now() + 3600_000);
assert.ok((await works(made.token)) && (await works(graceful.token)));
assert.equal((await introspect(made.token)).slot, "secondary");
const abrupt = await client.reset(made._id);
assert.ok(!(await works(graceful.token)) && (await works(abrupt.token)));

// Each field that may be patched, and others that may not.
let patched = await client.patch(made._id, [{ op: "replace", path: "/name", value: "patched" }, { op: "add", path: "/description", value: "by a client" }]);
assert.equal(patched.name, "patched");
patched = await client.patch(made._id, [{ op: "replace", path: "/role", value: "writer" }]);
assert.equal(patched.role, "writer");
const statement = { effect: "allow", actions: ["*"], resources: ["proj/*"] };
patched = await client.patch(made._id, [{ op: "remove", path: "/role" }, { op: "replace", path: "/inlineRole", value: [statement] }]);
assert.deepEqual(patched.inlineRole[0].resources, ["proj/*"]);
patched = await client.patch(made._id, [{ op: "remove", path: "/inlineRole" }, { op: "replace", path: "/customRoleIds", value: ["viewer"] }]);
assert.deepEqual(patched.customRoleIds, ["viewer"]);
for (const path of ["/serviceToken", "/defaultApiVersion", "/_id", "/token", "/memberId"]) {
  await fails(client.patch(made._id, [{ op: "replace", path, value: "x" }]), 400, "invalid_request");
}
await fails(client.patch(made._id, [{ op: "test", path: "/name", value: "other" }]), 422, "patch_failed");
await fails(client.patch(made._id, [{ op: "remove", path: "/inlineRole" }]), 422, "patch_failed");

await fails(clientFor(abrupt.token).create({ role: "reader" }), 403, "forbidden");
await fails(client.create({ role: "god" }), 400, "invalid_request");
await client.remove(made._id);
await fails(client.get(made._id), 404, "not_found");
await fails(clientFor(abrupt.token).list(), 401, "unauthorized");
assert.deepEqual(await introspect(abrupt.token), { active: false });
