import { readNothing } from '../asked.ts';
import type { Finding } from '../calls.ts';
import { checkCertificate } from '../checks/certificate.ts';
import { checkFolders } from '../checks/folders.ts';
import { checkLedger } from '../checks/ledger.ts';
import { checkPlace } from '../checks/place.ts';
import type { Actions, Office } from './action.ts';

type Check = (office: Office) => Promise<readonly Finding[]>;

const CHECKS: readonly Check[] = [checkFolders, checkPlace, checkCertificate, checkLedger];

/** Whether all is well with a data folder and its server. */
export const checkActions: Actions<'server.check'> = {
  'server.check': {
    read: readNothing,
    run: async (office) => {
      const findings: Finding[] = [];
      for (const check of CHECKS) findings.push(...(await check(office)));
      return findings;
    },
  },
};
