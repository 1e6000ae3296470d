import { tryFewRounds } from './few-rounds.ts';

tryFewRounds('sqlite');
