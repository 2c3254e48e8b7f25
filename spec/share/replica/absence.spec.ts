import { Machine } from './machine.ts';

/** After so many days a deletion is forgotten, whoever has not heard of it. */
const LONG = 200;

describe('A replica that was away for so long that another one has forgotten deletions', () => {
  let home: Machine;
  let away: Machine;

  /** Both have `keep`, `own` and `x`; then `x` is deleted at home, and that is forgotten there. */
  beforeEach(() => {
    home = new Machine('aaaa');
    away = new Machine('bbbb');
    away.make('keep', 'own', 'x');
    home.meet(away);
    expect(home.folders).toBe('keep own x');
    home.remove('x');
    home.tidy(LONG);
    expect(home.replica.forgotten).toBeGreaterThan(0);
    away.day = LONG;
  });

  it('has all merged there as new, under the id that it has', () => {
    home.meet(away);
    expect([home.folders, away.folders]).toEqual(['keep own x', 'keep own x']);
    expect([away.retold, away.renewed, home.retold, home.renewed]).toEqual([1, 0, 0, 0]);
    home.meet(away);
    expect(away.retold).toBe(1);
  });

  it('deletes there what was deleted here meanwhile', () => {
    away.remove('own');
    home.meet(away);
    expect([home.folders, away.folders]).toEqual(['keep x', 'keep x']);
  });

  it('takes what was made there meanwhile, also where it had been', () => {
    home.make('x/new', 'new');
    home.make('x');
    home.meet(away);
    expect([home.folders, away.folders]).toEqual(['keep new own x x/new', 'keep new own x x/new']);
  });

  it('goes on with that where it broke off, also after a crash', () => {
    home.meet(away, 1);
    expect([home.folders, away.retold]).toEqual(['keep own', 1]);
    away.restart();
    home.meet(away, 1);
    away.restart();
    home.restart();
    home.meet(away);
    expect([home.folders, away.retold]).toEqual(['keep own x', 1]);
  });

  it('hears of a deletion from a third one that remembers it, and so do the others', () => {
    // It has not tidied up yet.
    const third = new Machine('cccc');
    third.day = LONG;
    home.day = 0;
    for (const one of [home, away]) third.meet(one);
    home.remove('keep');
    home.meet(third);
    home.tidy(LONG);
    home.meet(away);
    expect([home.folders, away.folders, third.folders]).toEqual(['keep own x', 'keep own x', 'own x']);
    home.meet(third);
    home.meet(away);
    expect([home.folders, away.folders, third.folders]).toEqual(['own x', 'own x', 'own x']);
  });

  it('tells all anew once for what was forgotten, though it never can deal with all that it is told', () => {
    away.refused.add('a');
    home.make('a', 'b');
    for (let again = 0; again < 3; again += 1) home.meet(away);
    expect([home.folders, away.folders, away.retold]).toEqual(['a b keep own x', 'b keep own x', 1]);
    away.remove('own');
    for (let again = 0; again < 3; again += 1) home.meet(away);
    expect([home.folders, away.folders, away.retold]).toEqual(['a b keep x', 'b keep x', 1]);
  });
});

describe('A replica that meets one for the first time which has forgotten deletions', () => {
  let home: Machine;
  let fresh: Machine;

  beforeEach(() => {
    home = new Machine('aaaa');
    fresh = new Machine('bbbb');
    home.make('a', 'b', 'c', 'x');
    home.remove('x');
    home.tidy(LONG);
    fresh.day = LONG;
  });

  it('tells nothing anew, however often the first meeting breaks off', () => {
    fresh.make('d', 'e');
    for (let turn = 0; turn < 3; turn += 1) {
      home.meet(fresh, 1);
      fresh.restart();
    }
    home.meet(fresh);
    expect([home.folders, fresh.folders]).toEqual(['a b c d e', 'a b c d e']);
    expect([fresh.retold, home.retold]).toEqual([0, 0]);
  });

  it('tells nothing anew where something of it can never be dealt with', () => {
    fresh.refused.add('a');
    for (let again = 0; again < 3; again += 1) home.meet(fresh);
    fresh.make('d');
    home.meet(fresh);
    expect([home.folders, fresh.folders, fresh.retold]).toEqual(['a b c d', 'b c d', 0]);
  });

  it('misses what is forgotten from then on', () => {
    home.meet(fresh);
    home.remove('b');
    home.tidy(2 * LONG);
    home.meet(fresh);
    expect([home.folders, fresh.retold]).toEqual(['a b c', 1]);
  });
});
