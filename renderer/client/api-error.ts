// Owns a refusal of the API as the window sees it: Kubernetes' Status made into an Error.
// Must not put anything into words of its own.
import type { Cause, Status } from '../../electron/api/errors.ts';

export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Kubernetes' StatusReason, e.g. `Conflict`; empty when the answer was no Status. */
  readonly reason: string;
  readonly causes: readonly Cause[];
  constructor(status: number, message: string, more: { readonly reason?: string; readonly causes?: readonly Cause[] } = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.reason = more.reason ?? '';
    this.causes = more.causes ?? [];
  }
}

export function apiErrorOf(status: Pick<Status, 'code' | 'message' | 'reason' | 'details'>): ApiError {
  const { code = 500, message = '', reason, details } = status;
  return new ApiError(code, message, { reason, causes: details?.causes });
}

/** Makes the error of a response that is not ok. Never throws itself. */
export async function apiErrorFrom(response: Response): Promise<ApiError> {
  const text = await response.text();
  const status = parseStatus(text);
  if (status === undefined) return new ApiError(response.status, text === '' ? `HTTP ${response.status}` : text);
  return apiErrorOf({ ...status, code: status.code ?? response.status });
}

/** The sentence of a Status written as JSON; undefined when it is none. */
export function statusMessage(text: string): string | undefined {
  return parseStatus(text)?.message;
}

function parseStatus(text: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status' ? (value as Status) : undefined;
  } catch {
    // Not JSON: a proxy's page or plain text. The caller shows the text as it is.
    return undefined;
  }
}
