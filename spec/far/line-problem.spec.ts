import { connect } from 'node:net';
import { farError } from '../../lib/far/far-error.ts';
import { lineProblem } from '../../lib/far/line-problem.ts';

describe('lineProblem', () => {
  const failure = (code: string) => Object.assign(new Error(`connect ${code} 127.0.0.1:1 (control socket)`), { code });

  for (const code of [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EHOSTDOWN',
    'EADDRNOTAVAIL',
    'ETIMEDOUT',
  ]) {
    it(`tells ${code} in words, and its code behind them`, () => {
      const { message, code: kind } = farError('Cannot connect to h port 1', failure(code));
      expect(message).toMatch(new RegExp(`^Cannot connect to h port 1: [a-z][a-zA-Z ,:-]+ \\(${code}\\)$`));
      expect(kind).toBe(code === 'ETIMEDOUT' ? 'E_TIMEOUT' : 'E_CONNECT');
    });
  }

  it('tells it also where all addresses of a host refuse', () => {
    const all = Object.assign(new AggregateError([failure('ECONNREFUSED')], ''), { code: 'ECONNREFUSED' });
    expect(lineProblem(all)).toMatch(/^nobody listens there: .* \(ECONNREFUSED\)$/);
  });

  it('tells it in the words of a real resolver and a real socket', async () => {
    const error = await new Promise((resolve) => {
      connect({ host: 'no-such-host.invalid', port: 1 }).once('error', resolve);
    });
    expect(lineProblem(error)).toMatch(/^(there is no host of that name|its name cannot be looked up now): /);
  });

  it('tells in plain words what the library says in its own', () => {
    const timeout = farError('Cannot list the folder', new Error('Timeout (control socket)'));
    expect([timeout.code, timeout.message]).toEqual([
      'E_TIMEOUT',
      'Cannot list the folder: no answer in time (--timeout)',
    ]);
    const closed = 'the other end closed the connection';
    expect(lineProblem(new Error('Server sent FIN packet unexpectedly, closing connection.'))).toBe(closed);
    expect(lineProblem(new Error('Client is closed because Server closed connection unexpectedly.'))).toBe(closed);
    expect(lineProblem(new Error('Socket closed due to transmission error (control socket)'))).toBe(
      'the connection broke',
    );
    expect(lineProblem(new Error('something else'))).toBe('something else');
  });
});
