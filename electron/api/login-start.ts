// Owns the shape of whether the core starts with the user's session.
// Must not say how.

export interface LoginStart {
  /** A systemd that serves this user is there. */
  readonly available: boolean;
  readonly enabled: boolean;
  /** Where the unit is, or would be. */
  readonly unitFile: string;
  /** One sentence, when it is not available. */
  readonly message?: string;
}
