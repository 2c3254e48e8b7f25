/** SIGHUP, by which users and service managers ask a program to look again. */
export interface HangUp {
  /** Who is told when it comes; one that came before is told at once. */
  readonly tell: (listener: () => void) => void;
  /** Take no notice any more. */
  readonly release: () => void;
}

/** Listen to SIGHUP from now on: it does not end the process, also when a terminal is closed. */
export function listenForHangUp(): HangUp {
  let missed = 0;
  let listener = () => {
    missed += 1;
  };
  const come = () => listener();
  process.on('SIGHUP', come);
  return {
    tell: (to) => {
      listener = to;
      if (missed > 0) to();
    },
    release: () => process.off('SIGHUP', come),
  };
}
