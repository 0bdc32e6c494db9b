namespace Weld.Air.Layouts;

/// <summary>The integer that a type is: sign and width, with the width of pointers known.</summary>
public readonly record struct IntegerShape(bool IsSigned, int Bits)
{
    public BigInteger Least => IsSigned ? -(BigInteger.One << (Bits - 1)) : BigInteger.Zero;

    public BigInteger Most => (BigInteger.One << (IsSigned ? Bits - 1 : Bits)) - 1;

    public bool Has(BigInteger value) => IsSigned
        ? value.GetBitLength() < Bits
        : value.Sign >= 0 && value.GetBitLength() <= Bits;
}
