import type { AccountFile } from '../accounts/account-file.ts';
import { OperationError } from './operation-error.ts';

/** The administrator that a demo is made with; everybody knows the password. */
export const demoAdministrator = { name: 'admin', password: 'password' } as const;

/** The user that a demo is made with. */
export const demoUser = { name: 'zhangsan', password: '123' } as const;

/**
 * A server that takes the passwords of the demo may be reached from this machine only.
 *
 * It is the passwords that are asked, and no mark that somebody could copy or forget: once they are changed, the folder is as
 * good as any.
 *
 * @throws OperationError E_DEMO
 */
export async function refuseDemoFromOutside(address: string, accounts: AccountFile): Promise<void> {
  if (!isLoopback(address) && (await hasDemoAccounts(accounts))) throw demoFromOutside(address);
}

/** The same before there are accounts. @throws OperationError E_DEMO */
export function refuseDemoOn(address: string): void {
  if (!isLoopback(address)) throw demoFromOutside(address);
}

function demoFromOutside(address: string): OperationError {
  const message = `--listen ${address}: everybody knows the passwords of this demo, it listens on 127.0.0.1 or ::1 only; change that of the administrator and that of ${demoUser.name} first`;
  return new OperationError('E_DEMO', message);
}

async function hasDemoAccounts(accounts: AccountFile): Promise<boolean> {
  const { name, password } = demoAdministrator;
  return (
    (await accounts.checkAdministrator(name, password)) ||
    (await accounts.check(demoUser.name, demoUser.password)) !== undefined
  );
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address) || address === '::1';
}
