export { Rendered as default } from '../rendered'
export { loader } from '../rendered.server'
