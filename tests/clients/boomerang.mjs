// All three operations through swagger-client, driven by the service's own description.
import assert from "node:assert/strict";
import SwaggerClient from "swagger-client";
import { admin, ask, base, introspect } from "./service.mjs";

const spec = (await ask("GET", "/v1/meta/openapi/boomerang")).json;
spec.servers = [{ url: base.origin }];
const clientFor = async (secret) => {
  const client = await SwaggerClient({ spec, authorizations: { token: secret } });
  return client.apis["Token Management"];
};
const fails = (promise, status, code) => assert.rejects(promise, (error) => {
  assert.equal(error.status, status);
  if (code) assert.equal(error.response.body.code, code);
  return true;
});

const api = await clientFor(admin);
const principal = "swagger-team";
const create = (body, by = api) => by.createToken({}, { requestBody: body }).then((response) => response.body);
const made = await create({ type: "team", name: "client", principal, permissions: ["token/read", "workflow/**"], expirationDate: Date.now() + 3600_000 });
assert.match(made.token, /^bft_/);
assert.match(made.expirationDate, /\+00:00$/);
const other = await create({ type: "workflow", name: "other", principal: "swagger-flow", permissions: ["**/**"] });
assert.equal((await introspect(made.token)).jti, made.id);

const all = (await api.query_1({ types: ["team", "workflow"], principals: [principal, "swagger-flow"], sort: "creationDate", order: "DESC" })).body;
assert.deepEqual(all.content.map((token) => token.id), [other.id, made.id]);
assert.equal(all.totalElements, 2);
const page = (await api.query_1({ principals: [principal, "swagger-flow"], limit: 1, page: 1 })).body;
assert.deepEqual([page.content[0].id, page.totalElements, page.totalPages, page.last], [other.id, 2, 2, true]);

const team = await clientFor(made.token);
assert.deepEqual((await team.query_1({})).body.content.map((token) => token.id), [made.id]);
await fails(create({ type: "team", name: "n", principal, permissions: ["token/read"] }, team), 401, 403);
await fails(create({ type: "session", name: "n", principal }), 400, 1011);
await fails(api.query_1({ types: ["galaxy"] }), 400, 1001);

assert.equal((await api.deleteToken({ id: made.id })).status, 200);
await fails(api.deleteToken({ id: made.id }), 400);
await fails(team.query_1({}), 401, 401);
assert.deepEqual(await introspect(made.token), { active: false });
