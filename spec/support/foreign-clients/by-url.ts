import { requireProgram } from '../foreign/found.ts';
import { type ForeignClient, type Road, urlHost } from './client.ts';

/** curl, which asks for the folder, goes there and names the file alone. */
export const curl: ForeignClient = {
  name: 'curl',
  require: () => requireProgram('curl'),
  // Version 7.88 sends plain text on a connection that it was called on, whatever was agreed about TLS.
  goes: ({ tls, mode }) => tls === 'plain' || mode === 'passive',
  put: (road, local, remote) => ({ program: 'curl', args: [...curlWords(road), '-T', local, curlUrl(road, remote)] }),
  get: (road, remote, local) => ({ program: 'curl', args: [...curlWords(road), '-o', local, curlUrl(road, remote)] }),
};

function curlWords({ mode, tls, user, password, authority }: Road): readonly string[] {
  return [
    '-sS',
    '--fail',
    '--max-time',
    '20',
    '-u',
    `${user}:${password}`,
    ...(mode === 'active' ? ['-P', '-'] : ['--ftp-pasv']),
    ...(tls === 'plain' ? [] : ['--cacert', authority]),
    ...(tls === 'explicit' ? ['--ssl-reqd'] : []),
  ];
}

function curlUrl(road: Road, remote: string): string {
  return `${road.tls === 'implicit' ? 'ftps' : 'ftp'}://${urlHost(road)}/${encodeURIComponent(remote)}`;
}

/** wget, which only fetches. */
export const wget: ForeignClient = {
  name: 'wget',
  require: () => requireProgram('wget'),
  goes: () => true,
  get: (road, remote, local) => ({
    program: 'wget',
    args: [
      '-q',
      '--tries=1',
      '--timeout=20',
      `--user=${road.user}`,
      `--password=${road.password}`,
      ...(road.mode === 'active' ? ['--no-passive-ftp'] : []),
      ...(road.tls === 'plain' ? [] : [`--ca-certificate=${road.authority}`]),
      ...(road.tls === 'implicit' ? ['--ftps-implicit'] : []),
      '-O',
      local,
      `${road.tls === 'plain' ? 'ftp' : 'ftps'}://${urlHost(road)}/${encodeURIComponent(remote)}`,
    ],
  }),
};
