// Sends a folder to a site with basic-ftp, as its documentation shows it: files in place, one after the other on each
// connection, each followed by its time. The password is in FTP_PASSWORD.
//
//   node basic-ftp-program.js NEAR FAR CONNECTIONS HOST PORT USER [CERTIFICATE]

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'basic-ftp';
import { entriesBelow } from '../../support/tree/disk.ts';

const [, , near = '', far = '', connections = '1', host = '', port = '21', user = '', certificate] = process.argv;
const { FTP_PASSWORD: password = '' } = process.env;

const entries = entriesBelow(near);
const clients = await Promise.all(Array.from({ length: Number(connections) }, connected));
const [first] = clients;
if (first) {
  for (const folder of [far, ...entries.filter(({ kind }) => kind === 'folder').map(({ path }) => `${far}/${path}`)]) {
    await first.sendIgnoringError(`MKD ${folder}`);
  }
  const features = await first.features();
  const setTime = features.has('MFMT') ? 'MFMT' : 'MDTM';
  const files = entries.filter(({ kind }) => kind === 'file').values();
  // All take from the same iterator.
  await Promise.all(clients.map((client) => send(client, files, setTime)));
}
for (const client of clients) client.close();

async function connected(): Promise<Client> {
  const client = new Client();
  const secure = certificate === undefined ? {} : { secureOptions: { ca: readFileSync(certificate) } };
  await client.access({ host, port: Number(port), user, password, secure: certificate !== undefined, ...secure });
  return client;
}

async function send(client: Client, files: Iterable<ReturnType<typeof entriesBelow>[number]>, setTime: string) {
  for (const { path, stats } of files) {
    await client.uploadFrom(join(near, path), `${far}/${path}`);
    const time = stats.mtime.toISOString().replace(/[-:T]/g, '').slice(0, 14);
    await client.send(`${setTime} ${time} ${far}/${path}`);
  }
}
