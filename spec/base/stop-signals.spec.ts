import { listenForStop, type StopSignals } from '../../lib/base/stop-signals.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

describe('listenForStop', () => {
  let told: string[];
  let stop: StopSignals;
  let exits: jasmine.Spy;
  let before: Readonly<Record<(typeof SIGNALS)[number] | 'exit', readonly unknown[]>>;

  beforeEach(() => {
    const [SIGINT, SIGTERM] = [process.listeners('SIGINT'), process.listeners('SIGTERM')];
    before = { SIGINT, SIGTERM, exit: process.listeners('exit') };
    told = [];
    exits = spyOn(process, 'exit');
    stop = listenForStop((name) => told.push(name));
  });
  afterEach(() => {
    stop.release();
    // At its end it would end the program that runs the specs by a signal, too.
    for (const listener of process.listeners('exit'))
      if (!before.exit.includes(listener)) process.off('exit', listener);
  });

  /** As the system would, but for whom else listens in this process: the program that runs the specs. */
  function send(name: (typeof SIGNALS)[number]): void {
    for (const listener of process.listeners(name)) if (!before[name].includes(listener)) listener(name);
  }

  it('does nothing before there is a signal', () => {
    expect(stop.signal.aborted).toBeFalse();
    expect(told).toEqual([]);
  });

  for (const [name, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`asks for an end in order at the first ${name}, whose status is ${status}`, () => {
      send(name);
      expect(stop.signal.aborted).toBeTrue();
      expect(told).toEqual([name]);
      expect(stop.status()).toBe(status);
      expect(exits).not.toHaveBeenCalled();
    });

    it(`ends the process with ${status} at once when ${name} is the second`, () => {
      send(name === 'SIGINT' ? 'SIGTERM' : 'SIGINT');
      send(name);
      expect(exits).toHaveBeenCalledWith(status);
    });
  }

  it('says so before it aborts, so that the log tells why first', () => {
    let abortedWhenTold: boolean | undefined;
    const other = listenForStop(() => {
      abortedWhenTold = other.signal.aborted;
    });
    send('SIGINT');
    other.release();
    expect(abortedWhenTold).toBeFalse();
    expect(other.signal.aborted).toBeTrue();
  });

  it('takes no notice when it is released', () => {
    stop.release();
    for (const name of SIGNALS) expect(process.listeners(name)).toEqual([...before[name]] as NodeJS.SignalsListener[]);
  });
});
