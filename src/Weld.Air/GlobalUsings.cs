global using System.Numerics;
global using Weld.Air.Instructions;
global using Weld.Air.Interning;
global using Weld.Air.Items;
global using Weld.Air.Types;
global using Weld.Air.Values;
global using Weld.Base.Ids;
