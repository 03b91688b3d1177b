-- The tables as their document has them, completed where it says so. As the shop.
CREATE TABLE venues (
  id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  name TEXT NOT NULL,
  address TEXT,
  city TEXT,
  capacity INTEGER,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT NOW()
);

CREATE TABLE events (
  id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  name TEXT NOT NULL,
  description TEXT,
  venue_id UUID REFERENCES venues(id),
  start_date TIMESTAMP WITH TIME ZONE NOT NULL,
  end_date TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
  published BOOLEAN DEFAULT FALSE,
  featured BOOLEAN DEFAULT FALSE,
  image_url TEXT,
  -- Other event fields...
  slug TEXT UNIQUE,
  cast_info JSONB
);

CREATE TABLE ticket_types (
  id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  event_id UUID REFERENCES events(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  description TEXT,
  price INTEGER NOT NULL, -- In cents
  initial_inventory INTEGER NOT NULL, -- Total tickets created initially
  total_inventory INTEGER NOT NULL, -- Current total tickets (can increase)
  sold_count INTEGER DEFAULT 0, -- Number of tickets sold
  reserved_count INTEGER DEFAULT 0, -- Number of tickets reserved but not purchased
  created_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),

  -- Constraints to ensure counts are valid
  CONSTRAINT valid_inventory CHECK (total_inventory >= 0),
  CONSTRAINT valid_sold CHECK (sold_count >= 0),
  CONSTRAINT valid_reserved CHECK (reserved_count >= 0),
  CONSTRAINT available_tickets CHECK (sold_count + reserved_count <= total_inventory)
);

-- Index for performance
CREATE INDEX idx_ticket_types_event_id ON ticket_types(event_id);

CREATE TABLE inventory_audit_log (
  id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
  ticket_type_id UUID REFERENCES ticket_types(id) ON DELETE CASCADE,
  user_id UUID REFERENCES auth.users(id),
  action TEXT NOT NULL, -- 'increase', 'decrease', 'sale', 'refund', 'reserve', 'release'
  quantity INTEGER NOT NULL,
  previous_total INTEGER NOT NULL,
  new_total INTEGER NOT NULL,
  previous_sold INTEGER NOT NULL,
  new_sold INTEGER NOT NULL,
  previous_reserved INTEGER NOT NULL,
  new_reserved INTEGER NOT NULL,
  reason TEXT,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT NOW()
);

-- Index for performance
CREATE INDEX idx_inventory_audit_ticket_type ON inventory_audit_log(ticket_type_id);
CREATE INDEX idx_inventory_audit_created_at ON inventory_audit_log(created_at);
