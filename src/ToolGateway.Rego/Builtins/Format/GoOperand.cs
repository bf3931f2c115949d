using System.Numerics;

namespace ToolGateway.Rego.Builtins.Format;

/// <summary>What a Go operand can be here.</summary>
internal enum GoKind
{
    String,
    Int,
    BigInt,
    Float,
}

/// <summary>One operand of a format, in the type that OPA hands to Go.</summary>
internal readonly struct GoOperand
{
    public GoOperand(string text) => (Kind, Text) = (GoKind.String, text);

    public GoOperand(long integer) => (Kind, Integer, Text) = (GoKind.Int, integer, "");

    public GoOperand(BigInteger big) => (Kind, Big, Text) = (GoKind.BigInt, big, "");

    public GoOperand(double real) => (Kind, Real, Text) = (GoKind.Float, real, "");

    public GoKind Kind { get; }

    public string Text { get; }

    public long Integer { get; }

    public BigInteger Big { get; }

    public double Real { get; }

    public string TypeName => Kind switch { GoKind.String => "string", GoKind.Int => "int", GoKind.BigInt => "*big.Int", _ => "float64" };
}
