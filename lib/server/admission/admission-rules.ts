import type { BanRules } from './bans.ts';

/** How many may come in, and what wrong logins cost. */
export interface AdmissionRules extends BanRules {
  /** Logged in at a time. */
  readonly sessions: number;
  /** Connections that have not logged in, at a time; they take no place of those who have. */
  readonly pending: number;
  /** From one address at a time, logged in or not. */
  readonly perAddress: number;
  /** Of one user at a time, where the account does not say fewer. */
  readonly perUser: number;
  /** Wrong logins of one connection. */
  readonly attempts: number;
  /** What a wrong login is answered later for each one that counts against the address. */
  readonly delayMs: number;
}

/** Lets everybody in: for a server within a program, which is its own guard. */
export const openDoor: AdmissionRules = {
  sessions: Number.POSITIVE_INFINITY,
  pending: Number.POSITIVE_INFINITY,
  perAddress: Number.POSITIVE_INFINITY,
  perUser: Number.POSITIVE_INFINITY,
  attempts: 3,
  delayMs: 0,
  addressAfter: Number.POSITIVE_INFINITY,
  userAfter: Number.POSITIVE_INFINITY,
  banMs: 0,
};
