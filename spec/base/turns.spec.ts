import { Turns } from '../../lib/base/turns.ts';

describe('Turns', () => {
  it('does one thing after the other, also behind one that failed', async () => {
    const turns = new Turns();
    const steps: string[] = [];
    const work = (name: string) => async () => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
      if (name === 'first') throw new Error(name);
      return name;
    };
    const [first, second] = [turns.take(work('first')), turns.take(work('second'))];
    await expectAsync(first).toBeRejectedWithError('first');
    expect(await second).toBe('second');
    expect(steps).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('tells when all that was asked for is over', async () => {
    const turns = new Turns();
    let isOver = false;
    void turns.take(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isOver = true;
    });
    await turns.settled();
    expect(isOver).toBeTrue();
  });
});
