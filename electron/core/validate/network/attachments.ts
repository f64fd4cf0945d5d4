// Owns the rules of a NetworkAttachmentDefinition.
// Must not look for its bridge: it may be made later.
import { readAttachment } from '../../network/attachment.ts';
import type { Rule } from '../rule.ts';

interface AttachmentDraft {
  readonly spec?: { readonly config?: string };
}

const readable: Rule<AttachmentDraft> = ({ spec }) => readAttachment(spec?.config).causes;

export const attachmentRules: readonly Rule<AttachmentDraft>[] = [readable];
