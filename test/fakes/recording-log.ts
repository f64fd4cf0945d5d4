// Owns a log that keeps its lines for a test to read.
// Must not print.
import type { JsonObject } from '../../electron/api/object.ts';
import type { Log } from '../../electron/engine/ports.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields?: JsonObject;
}

export interface RecordingLog extends Log {
  readonly lines: readonly LogLine[];
}

export function recordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  const writer = (level: LogLine['level']) => (message: string, fields?: JsonObject) => {
    lines.push(fields === undefined ? { level, message } : { level, message, fields });
  };
  return { lines, info: writer('info'), warn: writer('warn'), error: writer('error') };
}
