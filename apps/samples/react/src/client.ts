import { authorizeAxios } from '@tokenkeep/core/axios'
import type { TokenManager } from '@tokenkeep/react'
import axios, { type AxiosInstance } from 'axios'

/** An axios instance that sends the auth token to the sample's own API. */
export const createClient = (auth: TokenManager): AxiosInstance => {
  const client = axios.create({ baseURL: '/api' })
  authorizeAxios(client, auth)
  return client
}
