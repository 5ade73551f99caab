import 'reflect-metadata'
import { Controller, Get, HttpCode, Module, Post, UseGuards, type INestApplication } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { Auth, Backend } from '../index.ts'
import { authGuard, CurrentAuth } from './nest.ts'
import { admins, broken, earlier, frameworkContract } from '../../test/framework-contract.ts'

function moduleOf(backend: Backend) {
  @Controller()
  class Api {
    @Get('me')
    @UseGuards(authGuard(backend))
    me(@CurrentAuth() auth: Auth) {
      return { userId: auth.userId }
    }

    @Post('admin')
    @HttpCode(204)
    @UseGuards(authGuard(backend, admins))
    admin() {}

    @Get('broken')
    @UseGuards(authGuard(backend, broken))
    broken() {}
  }

  @Module({ controllers: [Api] })
  class App {}
  return App
}

async function running(app: INestApplication) {
  app.enableCors({ origin: earlier['access-control-allow-origin'] })
  await app.listen(0, 'localhost')
  return { url: await app.getUrl(), stop: () => app.close() }
}

const options = { logger: false } as const

frameworkContract('nest on express', async (backend) =>
  running(await NestFactory.create(moduleOf(backend), options)),
)

frameworkContract('nest on fastify', async (backend) =>
  running(await NestFactory.create(moduleOf(backend), new FastifyAdapter(), options)),
)
