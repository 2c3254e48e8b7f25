import { type HangUp, listenForHangUp } from '../../lib/base/hang-up.ts';

describe('listenForHangUp', () => {
  let hangUp: HangUp;
  let before: readonly unknown[];
  let told: number;

  beforeEach(() => {
    before = process.listeners('SIGHUP');
    told = 0;
    hangUp = listenForHangUp();
  });
  afterEach(() => hangUp.release());

  /** As the system would, but for whom else listens in this process. */
  function send(): void {
    for (const listener of process.listeners('SIGHUP')) if (!before.includes(listener)) listener('SIGHUP');
  }

  const listen = () =>
    hangUp.tell(() => {
      told += 1;
    });

  it('tells each time it comes', () => {
    listen();
    send();
    send();
    expect(told).toBe(2);
  });

  it('tells at once, and once, when it came before somebody listened', () => {
    send();
    send();
    listen();
    expect(told).toBe(1);
  });

  it('takes no notice when it is released', () => {
    listen();
    hangUp.release();
    send();
    expect(told).toBe(0);
  });
});
