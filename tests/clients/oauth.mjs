// A resource server by each library for OAuth, configured and not programmed: live is let in, refresh secrets and what was revoked are not.
import assert from "node:assert/strict";
import { admin, ask, base } from "./service.mjs";

const server = {
  issuer: base.origin,
  introspection_endpoint: new URL("/oauth2/introspect", base).href,
  revocation_endpoint: new URL("/oauth2/revoke", base).href,
};

const libraries = {
  async "openid-client"() {
    const oidc = await import("openid-client");
    const config = new oidc.Configuration(server, "resource-server", admin, oidc.ClientSecretBasic(admin));
    oidc.allowInsecureRequests(config);
    return {
      introspect: (token) => oidc.tokenIntrospection(config, token),
      revoke: (token) => oidc.tokenRevocation(config, token),
    };
  },
  async oauth4webapi() {
    const oauth = await import("oauth4webapi");
    const client = { client_id: "resource-server" };
    const authentication = oauth.ClientSecretPost(admin);
    const options = { [oauth.allowInsecureRequests]: true };
    return {
      introspect: async (token) =>
        oauth.processIntrospectionResponse(server, client, await oauth.introspectionRequest(server, client, authentication, token, options)),
      revoke: async (token) =>
        oauth.processRevocationResponse(await oauth.revocationRequest(server, client, authentication, token, options)),
    };
  },
};

const library = await libraries[process.argv[2]]();
const bearer = { authorization: `Bearer ${admin}`, "content-type": "application/json" };
const made = (await ask("POST", "/v1/tokens", bearer, JSON.stringify({ permission_set: "viewer", resources: {} }))).json.result;
const { access, refresh } = made.primary;

const live = await library.introspect(access.secret);
assert.equal(live.active, true);
assert.equal(live.jti, made.id);
assert.equal(live.scope, "viewer");
assert.equal((await library.introspect(refresh.secret)).active, false);
assert.equal((await library.introspect("nonsense")).active, false);
await library.revoke(access.secret);
assert.equal((await library.introspect(access.secret)).active, false);
