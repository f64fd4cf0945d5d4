// Owns editing a stored object as text while it may change elsewhere: what is shown, what is unsaved, what collides.
// Must not send anything.
import { stringify } from 'yaml';
import { isMapping, onlyMapping } from './document-values.ts';

/** What a stored object has at least. */
export interface StoredObject {
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface DocumentState {
  /** The text when editing began, or as it was last saved. */
  readonly base: string;
  readonly text: string;
  /** The stored object's text now. */
  readonly stored: string;
  /** resourceVersion of `stored`: what a save must carry. */
  readonly version: string;
  readonly uid: string;
}

/** Set by the core alone; they would change under the user's hands and cannot be edited. */
const coreMetadata = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'];

export function editableText(object: object): string {
  const { status: _status, metadata, ...rest } = object as StoredObject & { readonly status?: unknown };
  const own = Object.fromEntries(Object.entries(metadata).filter(([name]) => !coreMetadata.includes(name)));
  const { apiVersion, kind, ...body } = rest as Record<string, unknown>;
  return stringify({ apiVersion, kind, metadata: own, ...body }, { lineWidth: 0, aliasDuplicateObjects: false });
}

export function openDocument(object: object): DocumentState {
  const text = editableText(object);
  return { base: text, text, stored: text, ...identityOf(object) };
}

/** A change of status alone leaves text and edits as they are; an untouched text follows. */
export function withStored(state: DocumentState, object: object): DocumentState {
  const stored = editableText(object);
  const identity = identityOf(object);
  if (state.text === state.base || state.text === stored) return { base: stored, text: stored, stored, ...identity };
  return { ...state, stored, ...identity };
}

export function isDirty({ text, base }: DocumentState): boolean {
  return text !== base;
}

/** Edited here, and the stored object is no longer what editing began with. */
export function collides(state: DocumentState): boolean {
  return isDirty(state) && state.stored !== state.base;
}

/** Editing goes on with the newest stored object as its beginning: the user has seen the difference. */
export function overrule(state: DocumentState): DocumentState {
  return { ...state, base: state.stored };
}

export function takeStored(state: DocumentState): DocumentState {
  return { ...state, base: state.stored, text: state.stored };
}

/** The object to send, or undefined when the text is not exactly one mapping. */
export function draftOf({ text, version, uid }: DocumentState): (StoredObject & Readonly<Record<string, unknown>>) | undefined {
  const value = onlyMapping(text);
  if (value === undefined) return undefined;
  const { metadata } = value;
  return { ...value, metadata: { ...(isMapping(metadata) ? metadata : {}), uid, resourceVersion: version } };
}

function identityOf(object: object): { readonly version: string; readonly uid: string } {
  const { resourceVersion, uid } = (object as StoredObject).metadata;
  return { version: String(resourceVersion), uid: String(uid) };
}
