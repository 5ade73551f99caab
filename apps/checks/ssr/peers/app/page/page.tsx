export { Rendered as default } from '../../rendered.tsx'

export const dynamic = 'force-dynamic'
