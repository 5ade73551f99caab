export { Rendered as default } from '../../rendered.tsx'
