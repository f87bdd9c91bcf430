/**
 * The connections of a server, and which of them are being answered: only these are waited for when it closes. A browser keeps
 * one ready that has asked nothing, and Node would wait for it as for any other.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export class Connections {
  /** How many answers each is given. */
  private readonly answers = new Map<Socket, number>();
  private isClosing = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.answers.set(socket, 0);
      socket.once('close', () => this.answers.delete(socket));
      this.endIfIdle(socket);
    });
    server.on('request', ({ socket }, response) => {
      this.count(socket, 1);
      response.once('close', () => this.count(socket, -1));
    });
  }

  /** Ends those that are not being answered, and each other as soon as it has been. */
  close(): void {
    this.isClosing = true;
    for (const socket of this.answers.keys()) this.endIfIdle(socket);
  }

  private count(socket: Socket, one: 1 | -1): void {
    const answers = this.answers.get(socket);
    if (answers === undefined) return;
    this.answers.set(socket, answers + one);
    this.endIfIdle(socket);
  }

  private endIfIdle(socket: Socket): void {
    if (this.isClosing && this.answers.get(socket) === 0) socket.destroySoon();
  }
}
