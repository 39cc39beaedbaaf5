// The storage interface of oidc-provider over one PostgreSQL table, as its documentation describes it.

export const schema = `
  CREATE TABLE oidc (
    model text NOT NULL, id text NOT NULL, payload jsonb NOT NULL, grant_id text, uid text, user_code text,
    expires_at timestamptz, consumed_at timestamptz, PRIMARY KEY (model, id));
  CREATE INDEX oidc_grant ON oidc (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX oidc_uid ON oidc (uid) WHERE uid IS NOT NULL`;

export function adapterOn(pool) {
  const run = (name, text, values) => pool.query({ name, text, values });
  const found = ({ rows: [row] }) => row && {
    ...row.payload,
    ...(row.consumed_at && { consumed: Math.floor(row.consumed_at / 1000) }),
  };

  return class PostgresAdapter {
    constructor(model) {
      this.model = model;
    }

    async upsert(id, payload, expiresIn) {
      await run(
        'upsert',
        `INSERT INTO oidc (model, id, payload, grant_id, uid, user_code, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid,
           user_code = excluded.user_code, expires_at = excluded.expires_at`,
        [this.model, id, payload, payload.grantId, payload.uid, payload.userCode, expiresIn ? new Date(Date.now() + expiresIn * 1000) : null],
      );
    }

    async find(id) {
      return found(await run('find', 'SELECT payload, consumed_at FROM oidc WHERE model = $1 AND id = $2', [this.model, id]));
    }

    async findByUid(uid) {
      return found(await run('find_uid', 'SELECT payload, consumed_at FROM oidc WHERE model = $1 AND uid = $2', [this.model, uid]));
    }

    async findByUserCode(code) {
      return found(await run('find_code', 'SELECT payload, consumed_at FROM oidc WHERE model = $1 AND user_code = $2', [this.model, code]));
    }

    async consume(id) {
      await run('consume', 'UPDATE oidc SET consumed_at = now() WHERE model = $1 AND id = $2', [this.model, id]);
    }

    async destroy(id) {
      await run('destroy', 'DELETE FROM oidc WHERE model = $1 AND id = $2', [this.model, id]);
    }

    async revokeByGrantId(grantId) {
      await run('revoke', 'DELETE FROM oidc WHERE grant_id = $1', [grantId]);
    }
  };
}
