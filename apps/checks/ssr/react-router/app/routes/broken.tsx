import { data } from 'react-router'

export const loader = () => {
  throw data(null, { status: 503 })
}

export default () => null
