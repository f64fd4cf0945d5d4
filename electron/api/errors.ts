// Owns how "no" is said: causes with a field, error codes with their HTTP status, and Kubernetes' Status object.
// Must not decide anything; the rules are in core.
import type { FixAction } from './fix-actions.ts';

/** One reason why not. `field` is a path such as `spec.template.spec.domain.devices.disks[0].bootOrder`. */
export interface Cause {
  /** Kubernetes' CauseType (`FieldValueInvalid`, …) or our own CamelCase word. */
  readonly reason: string;
  readonly field: string;
  /** What is wrong, with the number that is short. One sentence. */
  readonly message: string;
  /** What the user can do about it. One sentence in the imperative. */
  readonly fix?: string;
  /** What can be pressed to have it done, the gentlest first; each is confirmed. */
  readonly actions?: readonly FixAction[];
}

interface ErrorRow {
  readonly status: number;
  /** Kubernetes' StatusReason. */
  readonly reason: string;
}

/** Every error code there is: HTTP status and StatusReason. The message is made where it is thrown. */
export const errorTable = {
  BadRequest: { status: 400, reason: 'BadRequest' },
  Unauthorized: { status: 401, reason: 'Unauthorized' },
  Forbidden: { status: 403, reason: 'Forbidden' },
  NotFound: { status: 404, reason: 'NotFound' },
  MethodNotAllowed: { status: 405, reason: 'MethodNotAllowed' },
  NotAcceptable: { status: 406, reason: 'NotAcceptable' },
  AlreadyExists: { status: 409, reason: 'AlreadyExists' },
  Conflict: { status: 409, reason: 'Conflict' },
  Expired: { status: 410, reason: 'Expired' },
  RequestTooLarge: { status: 413, reason: 'RequestEntityTooLarge' },
  UnsupportedMediaType: { status: 415, reason: 'UnsupportedMediaType' },
  Invalid: { status: 422, reason: 'Invalid' },
  TooManyRequests: { status: 429, reason: 'TooManyRequests' },
  Internal: { status: 500, reason: 'InternalError' },
  ServiceUnavailable: { status: 503, reason: 'ServiceUnavailable' },
  Timeout: { status: 504, reason: 'Timeout' },
  // Ours: they reach the user through a condition or an event, and as a Status when a request waits for them.
  DataLocked: { status: 503, reason: 'ServiceUnavailable' },
  SchemaNewer: { status: 500, reason: 'InternalError' },
  QemuMissing: { status: 503, reason: 'ServiceUnavailable' },
  SidecarFailed: { status: 500, reason: 'InternalError' },
  QemuExitedEarly: { status: 500, reason: 'InternalError' },
  QmpFailed: { status: 500, reason: 'InternalError' },
  QmpTimeout: { status: 504, reason: 'Timeout' },
  AgentUnavailable: { status: 409, reason: 'Conflict' },
  ImageRefused: { status: 422, reason: 'Invalid' },
  ImageFetchFailed: { status: 502, reason: 'ServiceUnavailable' },
  DiskFull: { status: 507, reason: 'ServiceUnavailable' },
  SavedStateBroken: { status: 500, reason: 'InternalError' },
  PinningFailed: { status: 500, reason: 'InternalError' },
  ToolFailed: { status: 500, reason: 'InternalError' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

/** The one error class. Expected refusals carry their causes; `cause` keeps the error underneath for the log. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly causes: readonly Cause[];
  constructor(code: ErrorCode, message: string, more: { readonly causes?: readonly Cause[]; readonly cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'AppError';
    this.code = code;
    this.causes = more.causes ?? [];
  }
}

/** Kubernetes' Status object, as every refusal leaves the server. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly Cause[];
    readonly retryAfterSeconds?: number;
  };
}

export function statusOf(error: AppError, details: Omit<NonNullable<Status['details']>, 'causes'> = {}): Status {
  const row = errorTable[error.code];
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    reason: row.reason,
    code: row.status,
    details: error.causes.length > 0 ? { ...details, causes: error.causes } : details,
  };
}
