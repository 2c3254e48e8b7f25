import type { Logger } from '../../lib/base/logger.ts';

/** A logger that only remembers, for specs. */
export interface RecordingLogger extends Logger {
  /** `warn Left out : ...`, the oldest first. */
  readonly lines: string[];
}

export function recordingLogger(): RecordingLogger {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => {
    lines.push(`${level} ${message}`);
  };
  return {
    lines,
    tellsDebug: true,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    close: async () => {},
  };
}
