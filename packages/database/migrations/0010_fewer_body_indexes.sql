-- Bodies are pruned in the order of their ids, which is the order in which they came.
DROP INDEX webhook_bodies_received;
