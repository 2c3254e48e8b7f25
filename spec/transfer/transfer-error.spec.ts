import { CodedError } from '../../lib/base/coded-error.ts';
import { fromPlain, TransferError, toPlain } from '../../lib/transfer/transfer-error.ts';

function throughIpc(error: unknown): TransferError {
  return fromPlain(JSON.parse(JSON.stringify(toPlain(error))));
}

describe('TransferError', () => {
  for (const options of [{}, { retry: true }, { retry: false, reply: 550 }, { retry: true, reply: 421 }]) {
    it(`crosses a process border as it was with ${JSON.stringify(options)}`, () => {
      const error = new TransferError('E_REFUSED', 'Cannot make folder a: é 🙂', options);
      const arrived = throughIpc(error);
      expect(arrived).toBeInstanceOf(TransferError);
      expect(arrived).toBeInstanceOf(CodedError);
      expect([arrived.name, arrived.code, arrived.message, arrived.retry, arrived.reply]).toEqual([
        'TransferError',
        'E_REFUSED',
        error.message,
        options.retry ?? false,
        options.reply,
      ]);
    });
  }

  it('leaves its cause behind at a process border', () => {
    const error = new TransferError('E_LOST', 'gone', { cause: new Error('of basic-ftp') });
    expect(Object.keys(toPlain(error)).sort()).toEqual(['code', 'message', 'retry']);
    expect(throughIpc(error).cause).toBeUndefined();
  });

  for (const [what, thrown, message] of [
    ['an error of Node', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 'read ECONNRESET'],
    ['another CodedError', new CodedError('E_SPEC', 'no transfer error'), 'no transfer error'],
    ['no error at all', 'text', 'text'],
  ] as const) {
    it(`is E_LOST, to be tried again, for ${what}`, () => {
      const arrived = throughIpc(thrown);
      expect([arrived.code, arrived.message, arrived.retry, arrived.reply]).toEqual([
        'E_LOST',
        message,
        true,
        undefined,
      ]);
    });
  }
});
