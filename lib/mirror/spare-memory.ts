import { setFlagsFromString } from 'node:v8';

/**
 * Let this process take less memory, for a little more work of the collector of garbage.
 *
 * Left to itself, V8 lets garbage grow to several times of what is alive, and the space for what is young to 48 MB,
 * whatever else runs on the machine. Now, before much is alive: a mirror of 20,000 files takes a quarter less, one of a
 * million a third.
 */
export function spareMemory(): void {
  setFlagsFromString('--heap-growing-percent=50');
  setFlagsFromString('--semi-space-growth-factor=1');
}
