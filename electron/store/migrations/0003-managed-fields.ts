// Owns where managedFields are kept: beside the object's document, so that reading objects does not read them.
// Must not be edited; a later change is a later migration.
import type { Migration } from './migration.ts';

export const managedFields: Migration = {
  version: 3,
  name: 'managed-fields',
  up(db) {
    // A list of ManagedFieldsEntry as JSON; null where nobody is known. No comment in the text: SQLite keeps it within the table's own.
    db.exec('ALTER TABLE objects ADD COLUMN managed TEXT');
  },
};
