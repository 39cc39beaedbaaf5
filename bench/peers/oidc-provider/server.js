// oidc-provider with PostgreSQL: node server.js <port> <connection url>. A grant of its own mints a pair without a browser.

import Provider from 'oidc-provider';
import pg from 'pg';
import { adapterOn, schema } from './adapter.js';

const [port, url] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 16 });
await pool.query(schema);

const mint = 'urn:tokenactors:bench:mint';
const scope = 'offline_access';
const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: adapterOn(pool),
  clients: [{
    client_id: 'bench', client_secret: 'bench', grant_types: [mint, 'refresh_token'], redirect_uris: [], response_types: [],
    token_endpoint_auth_method: 'client_secret_basic', scope,
  }],
  features: { introspection: { enabled: true }, devInteractions: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: 3600, RefreshToken: 86400, Grant: 86400 },
  cookies: { keys: ['bench'] },
});

provider.registerGrantType(mint, async (ctx) => {
  const { client } = ctx.oidc;
  const grant = new provider.Grant({ accountId: 'bench', clientId: client.clientId });
  grant.addOIDCScope(scope);
  const common = { accountId: 'bench', client, grantId: await grant.save(), gty: mint, scope };
  const access = await new provider.AccessToken(common).save();
  const refresh = await new provider.RefreshToken(common).save();
  ctx.body = { access_token: access, token_type: 'Bearer', expires_in: 3600, refresh_token: refresh, scope };
}, []);

provider.listen(Number(port), '127.0.0.1');
