import type { Status } from '@tokenkeep/core'

/** The positions of the four states in the drawing. */
export const places: readonly { readonly status: Status; readonly x: number; readonly y: number }[] = [
  { status: 'valid', x: 230, y: 30 },
  { status: 'refreshing', x: 370, y: 115 },
  { status: 'expired', x: 230, y: 200 },
  { status: 'signed-out', x: 74, y: 115 },
]

/** The transitions between the states, as SVG paths. */
export const ways: readonly { readonly from: Status; readonly to: Status; readonly d: string }[] = [
  { from: 'signed-out', to: 'valid', d: 'M58 95C58 48 98 24 164 24' },
  { from: 'valid', to: 'signed-out', d: 'M164 38C122 40 96 58 90 90' },
  { from: 'valid', to: 'expired', d: 'M216 49L216 175' },
  { from: 'expired', to: 'valid', d: 'M244 181L244 55' },
  { from: 'valid', to: 'refreshing', d: 'M288 24C346 24 386 48 386 90' },
  { from: 'refreshing', to: 'valid', d: 'M354 95C350 60 326 42 294 38' },
  { from: 'refreshing', to: 'expired', d: 'M386 135C386 182 346 206 294 206' },
  { from: 'expired', to: 'refreshing', d: 'M288 192C326 188 350 170 354 140' },
  { from: 'refreshing', to: 'signed-out', d: 'M312 115L138 115' },
  { from: 'expired', to: 'signed-out', d: 'M164 206C98 206 58 182 58 140' },
  { from: 'signed-out', to: 'expired', d: 'M90 135C96 170 122 190 164 192' },
]
