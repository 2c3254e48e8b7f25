import { Pace } from '../../lib/files/pace.ts';

describe('Pace', () => {
  it('is due when the slice is used up, and not after a rest', async () => {
    let time = 100;
    const pace = new Pace({ sliceMs: 5, now: () => time });
    expect(pace.isDue()).toBeFalse();
    time = 104.9;
    expect(pace.isDue()).toBeFalse();
    time = 105;
    expect(pace.isDue()).toBeTrue();
    await pace.rest();
    expect(pace.isDue()).toBeFalse();
  });

  it('counts the next slice from the end of the rest', async () => {
    let time = 0;
    const pace = new Pace({ sliceMs: 5, now: () => time });
    const resting = pace.rest();
    time = 50;
    await resting;
    time = 54;
    expect(pace.isDue()).toBeFalse();
  });

  it('lets others have their turn', async () => {
    let hadTurn = false;
    setImmediate(() => {
      hadTurn = true;
    });
    await new Pace().rest();
    expect(hadTurn).toBeTrue();
  });

  it('goes by the clock of the process unless told otherwise', () => {
    expect(new Pace({ sliceMs: 0 }).isDue()).toBeTrue();
    expect(new Pace({ sliceMs: 1e9 }).isDue()).toBeFalse();
  });
});
