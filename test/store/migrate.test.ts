// Owns the proof of migrating: step by step, and not at all for a database from the future.
// Must not use the store's own reading of rows.
import Database from 'better-sqlite3';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { migrate, migrations, schemaVersion } from '../../electron/store/migrate.ts';
import { openStore } from '../../electron/store/store.ts';
import { configMap, errorCode, temporaryPath } from './temporary-store.ts';

test('migrations are numbered without gaps', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
});

test('0001 makes objects and changes, one row a key, versions never twice', () => {
  const db = new Database(':memory:');
  migrate(db, 1);
  db.exec(`INSERT INTO objects (resource, namespace, name, body) VALUES ('pods', 'a', 'x', '{}')`);
  db.exec(`INSERT INTO changes (type, resource, body) VALUES ('ADDED', 'pods', '{}'); DELETE FROM changes;`);
  db.exec(`INSERT INTO changes (type, resource, body) VALUES ('DELETED', 'pods', '{}')`);
  expect({
    version: schemaVersion(db),
    objects: db.prepare('SELECT * FROM objects').all(),
    changes: db.prepare('SELECT * FROM changes').all(),
    twice: failure(() => db.exec(`INSERT INTO objects (resource, namespace, name, body) VALUES ('pods', 'a', 'x', '{}')`)),
    type: failure(() => db.exec(`INSERT INTO changes (type, resource, body) VALUES ('CHANGED', 'pods', '{}')`)),
  }).toEqual({
    version: 1,
    objects: [{ id: 1, resource: 'pods', namespace: 'a', name: 'x', body: '{}' }],
    changes: [{ resource_version: 2, type: 'DELETED', resource: 'pods', body: '{}', previous: null }],
    twice: 'SQLITE_CONSTRAINT_UNIQUE',
    type: 'SQLITE_CONSTRAINT_CHECK',
  });
});

test('0002 adds the journal, one row a change, numbers never twice, and keeps what was there', () => {
  const db = new Database(':memory:');
  migrate(db, 1);
  db.exec(`INSERT INTO objects (resource, namespace, name, body) VALUES ('pods', 'a', 'x', '{}')`);
  migrate(db, 2);
  const columns = `(at, manager, operation, resource, namespace, name, uid, after)`;
  const insert = `INSERT INTO revisions ${columns} VALUES (1, 'kubectl', 'create', 'pods', 'a', 'x', 'u', '{}')`;
  db.exec(`${insert}; DELETE FROM revisions; ${insert}`);
  expect({
    version: schemaVersion(db),
    objects: db.prepare('SELECT name FROM objects').all(),
    revisions: db.prepare('SELECT id, before, after, undoes FROM revisions').all(),
    nobody: failure(() => db.exec(insert.replace(`'kubectl'`, 'NULL'))),
  }).toEqual({
    version: 2,
    objects: [{ name: 'x' }],
    revisions: [{ id: 2, before: null, after: '{}', undoes: null }],
    nobody: 'SQLITE_CONSTRAINT_NOTNULL',
  });
});

test('0003 keeps who wrote what beside the objects, and nothing for those that were there', () => {
  const db = new Database(':memory:');
  migrate(db, 2);
  db.exec(`INSERT INTO objects (resource, namespace, name, body) VALUES ('pods', 'a', 'x', '{}')`);
  migrate(db, 3);
  db.exec(`INSERT INTO objects (resource, namespace, name, body, managed) VALUES ('pods', 'a', 'y', '{}', '[]')`);
  expect({ version: schemaVersion(db), objects: db.prepare('SELECT name, managed FROM objects ORDER BY name').all() }).toEqual({
    version: 3,
    objects: [
      { name: 'x', managed: null },
      { name: 'y', managed: '[]' },
    ],
  });
});

test('a database of a newer schema is refused and not a byte of it is changed', () => {
  const path = temporaryPath();
  const store = openStore({ path });
  store.transaction((tx) => tx.insert('configmaps', configMap('a', 'lib')));
  store.close();
  const db = new Database(path);
  db.pragma(`user_version = ${migrations.length + 1}`);
  db.close();
  const before = readFileSync(path);
  expect([errorCode(() => openStore({ path })), readFileSync(path).equals(before)]).toEqual(['SchemaNewer', true]);
});

test('a file that is no database is refused and kept', () => {
  const path = temporaryPath();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'Dear diary, '.repeat(100));
  expect([errorCode(() => openStore({ path })), readFileSync(path, 'utf8').startsWith('Dear diary')]).toEqual(['Internal', true]);
});

test('a migration that fails leaves the version before it', () => {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE changes (mine TEXT)');
  expect([failure(() => migrate(db)), schemaVersion(db), db.prepare(`SELECT name FROM sqlite_master`).all()]).toEqual([
    'SQLITE_ERROR',
    0,
    [{ name: 'changes' }],
  ]);
});

function failure(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof Database.SqliteError ? error.code : String(error);
  }
}
