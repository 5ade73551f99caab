import { redirect } from 'react-router'

export const loader = () => {
  throw redirect('/page', { status: 303, headers: { 'set-cookie': 'other=1; Path=/' } })
}

export default () => null
