/**
 * Who a request comes from: the other end of its connection, or, where that is a proxy that the operator trusts, the
 * address that the proxy has seen. What anybody could write into a header is believed of nobody else.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

export class Proxies {
  private readonly trusted = new BlockList();

  /** `addresses`: of proxies, or of networks such as 10.0.0.0/8. Throws where one is neither. */
  constructor(addresses: readonly string[]) {
    for (const address of addresses) {
      const [host = '', prefix, more] = address.split('/');
      const family = isIP(host);
      const bits = family === 4 ? 32 : 128;
      const isNetwork = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
      if (family === 0 || !isNetwork || more !== undefined) throw new Error(`${address} is no address`);
      this.trusted.addSubnet(host, Number(prefix ?? bits), family === 4 ? 'ipv4' : 'ipv6');
    }
  }

  trusts(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.trusted.check(address, family === 4 ? 'ipv4' : 'ipv6');
  }

  /** The address of whoever asks. */
  addressOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
    let address = plain(socket.remoteAddress ?? '');
    if (!this.trusts(address)) return address;
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    // The last was written by the proxy next to us, the one before by the proxy that it trusts itself.
    for (const one of forwarded.reverse()) {
      const before = plain(one.trim());
      if (isIP(before) === 0) break;
      address = before;
      if (!this.trusts(address)) break;
    }
    return address;
  }

  /** Whether whoever asks does so over https, as far as we can know. */
  isSecure({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
    return headers['x-forwarded-proto'] === 'https' && this.trusts(plain(socket.remoteAddress ?? ''));
  }
}

/** An IPv4 address as one, however it came. */
const plain = (address: string): string => {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  return mapped && isIPv4(mapped) ? mapped : address;
};

/** What one asker has of addresses: one of IPv4, and of IPv6 a whole network of 64 bits. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
