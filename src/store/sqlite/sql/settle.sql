UPDATE store_settlements SET settled = settled + 1 WHERE id = 1
