global using System.Numerics;
global using Weld.Air;
global using Weld.Air.Building;
global using Weld.Air.Instructions;
global using Weld.Air.Items;
global using Weld.Air.Layouts;
global using Weld.Air.Types;
global using Weld.Air.Values;
