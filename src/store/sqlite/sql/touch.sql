SELECT settled FROM store_settlements
