import type { Site } from '../ftp/site.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { farError } from './far-error.ts';
import type { LineSafeClient } from './line-safe-client.ts';
import type { TlsTrust } from './tls-trust.ts';

/**
 * Connect, secure the connection as the site asks for it, and log in; what comes behind that is for `setUp`.
 *
 * @returns how the server greeted us
 * @throws TransferError E_CONNECT, E_TLS, E_LOGIN, E_TIMEOUT, E_CAPACITY, E_NAME, E_LOST
 */
export async function logIn(client: LineSafeClient, site: Site, trust: TlsTrust): Promise<string> {
  assertCarriable(site);
  const doing = `Cannot connect to ${site.host} port ${site.port}`;
  const greeting = await loginStep(doing, 'E_CONNECT', () =>
    site.protocol === 'ftps'
      ? client.connectImplicitTLS(site.host, site.port, trust.options(site.host))
      : client.connect(site.host, site.port),
  );
  if (site.protocol === 'ftpes') {
    await loginStep(`Cannot secure the connection to ${site.host}`, 'E_TLS', () =>
      client.useTLS(trust.options(site.host)),
    );
  }
  await loginStep(`Cannot log in to ${site.host} as ${site.user}`, 'E_LOGIN', async () => {
    // Said again behind the login, since servers may refuse it here.
    if (!isAscii(site.user + site.password)) await client.sendIgnoringError('OPTS UTF8 ON');
    await client.login(site.user, site.password);
  });
  return greeting.message;
}

/** A refusal (5yz) in a step of the login means what the step is about. */
export async function loginStep<Value>(
  doing: string,
  refused: 'E_CONNECT' | 'E_TLS' | 'E_LOGIN' | 'E_REFUSED',
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const known = farError(doing, error);
    if (known.code !== 'E_REFUSED' && known.code !== 'E_LOGIN') throw known;
    throw new TransferError(refused, known.message, { reply: known.reply ?? 500, cause: error });
  }
}

function isAscii(text: string): boolean {
  return !/[^\x20-\x7e]/.test(text);
}

/** A line end in one of them would begin a command of its own. */
function assertCarriable({ user, password, directory }: Site): void {
  for (const [what, text] of Object.entries({ user, password, directory })) {
    if (/[\r\n\0]/.test(text)) throw new TransferError('E_NAME', `The ${what} of the site holds a line end or a NUL`);
  }
}
