import { BlockList, isIP, isIPv6 } from 'node:net'

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4')

/**
 * Returns whether an address is in one of the ranges, each of which is an address or a network such as `10.0.0.0/8`.
 * Undefined if the text is no address.
 */
export function addressRanges(ranges: readonly string[]): (address: string) => boolean | undefined {
  const list = new BlockList()
  for (const range of ranges) {
    const [network, bits] = range.split('/') as [string, string?]
    if (bits) list.addSubnet(network, Number(bits), familyOf(network))
    else list.addAddress(network, familyOf(network))
  }
  return (address) => (isIP(address) ? list.check(address, familyOf(address)) : undefined)
}
