/** How much of a disk a user has taken, and may. */
export interface Allowance {
  /** What the files below the home hold, in bytes; what is being written now included. */
  readonly usedBytes: number;
  /** Missing where there is no quota. */
  readonly quotaBytes?: number;
  /** What is left of the quota; 0 also for somebody who has more than that. Missing where there is no quota. */
  readonly leftBytes?: number;
}

export function allowanceOf(usedBytes: number, quotaBytes: number | undefined): Allowance {
  if (quotaBytes === undefined) return { usedBytes };
  return { usedBytes, quotaBytes, leftBytes: Math.max(0, quotaBytes - usedBytes) };
}
