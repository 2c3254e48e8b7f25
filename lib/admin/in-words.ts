import { showText } from '../base/show-text.ts';
import type { UserView } from '../control/calls.ts';
import type { SessionView } from '../control/live-server.ts';
import { bytes } from '../sync/messages.ts';
import { UNLIMITED } from './admin-options.ts';

/** `2026-11-22 02:04:05Z`; the world's time, whatever the machine's is. */
export function timeInWords(ms: number | null): string {
  return ms === null ? 'never' : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** Hours, minutes and seconds: `1:02:03`. */
export function durationInWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (number: number) => String(number % 60).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60))}:${two(seconds)}`;
}

/** `10.0 MiB`; `?` where it is not known. */
export function bytesInWords(amount: number | null): string {
  return amount === null ? '?' : bytes(amount);
}

export function quotaInWords({ quotaBytes }: Pick<UserView, 'quotaBytes'>): string {
  return quotaBytes === null ? UNLIMITED : bytes(quotaBytes);
}

/** `disabled`, or what the user may do. */
export function rightsInWords({ isEnabled, permissions }: Pick<UserView, 'isEnabled' | 'permissions'>): string {
  const rights = permissions.includes('write') ? 'read, write' : 'read only';
  return isEnabled ? rights : `disabled (${rights})`;
}

/** Everything about a user, as facts for a sheet. */
export function userFacts(user: UserView): readonly (readonly [string, string])[] {
  const { sessions, uploadBytesPerSecond, downloadBytesPerSecond, addresses } = user.limits;
  const rate = (amount: number | undefined) => (amount === undefined ? UNLIMITED : `${bytes(amount)}/s`);
  return [
    ['name', user.name],
    ['may', rightsInWords(user)],
    ['quota', quotaInWords(user)],
    ['used', bytesInWords(user.usedBytes)],
    ['sessions at a time', sessions === undefined ? UNLIMITED : String(sessions)],
    ['uploads', rate(uploadBytesPerSecond)],
    ['downloads', rate(downloadBytesPerSecond)],
    ['from', addresses === undefined ? 'any address' : addresses.map(showText).join(', ')],
    ['online', String(user.online)],
    ['last login', timeInWords(user.lastLoginMs)],
    ['registered', timeInWords(user.createdMs)],
    ['folder', showText(user.home)],
  ];
}

/** What a session is doing. */
export function activityInWords({ command, bytes: moved, bytesPerSecond }: SessionView): string {
  if (command === null) return 'idle';
  return moved === 0 ? showText(command) : `${showText(command)} (${bytes(moved)}, ${bytes(bytesPerSecond)}/s)`;
}
