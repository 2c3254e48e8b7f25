import type { TalkRules } from '../../lib/far/transfer-jobs.ts';

/** Rules for specs: one try, so that a failure is told and not waited over, and a wait that outlasts a loaded machine. */
export const talkRules: TalkRules = { timeoutMs: 20_000, attempts: 1, pairId: '0123456789abcdef', makesRoot: true };
