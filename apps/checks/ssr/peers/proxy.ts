import peer from './chosen.ts'

export const proxy = peer.proxy
export const config = { matcher: ['/page', '/cached'] }
